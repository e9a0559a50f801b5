/** `npm run docs`: writes the pages that are made from the sources. Tests fail where one is stale. */
import { writeFileSync } from "node:fs";
import { API_FOLDER, writeApiReference } from "./api-reference.ts";
import { REFERENCE_FILE, referencePage } from "./reference.ts";

writeFileSync(REFERENCE_FILE, referencePage());
await writeApiReference(API_FOLDER);
