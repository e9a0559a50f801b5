/**
 * The release of Toxiproxy whose API this server speaks; what follows the plus sign says that it is not that release
 * itself.
 */
export const TOXIPROXY_VERSION = "2.12.0+redquake";
