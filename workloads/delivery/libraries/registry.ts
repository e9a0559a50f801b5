/** The libraries that deliver messages and that redquake brings adapters for, with their exact versions. */
import type { AdapterLibrary } from "../../adapter/shelf.ts";
import type { DeliveryAdapter } from "../adapter.ts";

export const deliveryLibraries: readonly AdapterLibrary<DeliveryAdapter>[] = [];
