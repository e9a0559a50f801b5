/**
 * What a server, a library or a foreign history could put into a value, an error or a node's name to break out of a
 * page.
 */
export const HOSTILE =
  "</script><img src=x onerror=\"document.title='broken out'\"> & 'quotes' <!-- \u2028\u2029\u0000\u202e ${`x`} ]]> \"'><svg/onload=document.title='broken out'>";
