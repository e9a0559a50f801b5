/** A coordinator that starts a node in a container, says where it is, and never ends: for the test of the clean-up. */
import { openDockerHost } from "../../support/docker-nodes.ts";
import { startNodes } from "../../support/process-nodes.ts";

const test = await openDockerHost();
const [node] = await startNodes(test.host, "n1");
console.log(JSON.stringify({ folder: test.folder, pid: node?.pid() }));
setInterval(() => undefined, 1_000);
