/**
 * Run as a program in the network namespace of a node: one task, as JSON in its argument; the result is printed as
 * JSON.
 */
import { createSocket } from "node:dgram";
import { once } from "node:events";
import { setTimeout as delay } from "node:timers/promises";
import type { Endpoint } from "../../network/link.ts";
import { pingTraffic } from "../../network/ping-traffic.ts";
import { nameSourcesInStacks } from "../../machine/source-stacks.ts";
import { writeDatagram } from "./inside-task.ts";
import type { InsideTask } from "./inside-task.ts";

nameSourcesInStacks();

async function sendDatagrams(to: Endpoint, count: number): Promise<void> {
  const socket = createSocket("udp4");
  try {
    socket.connect(to.port, to.host);
    await once(socket, "connect");
    for (let i = 0; i < count; i += 1) {
      const sent = Promise.withResolvers<void>();
      socket.send(writeDatagram(i, process.hrtime.bigint()), (error) =>
        error === null ? sent.resolve() : sent.reject(error),
      );
      await sent.promise;
      // A burst would not fit into the receiver's buffer.
      await delay(1);
    }
  } finally {
    socket.close();
  }
}

async function perform(task: InsideTask): Promise<unknown> {
  switch (task.kind) {
    case "traffic":
      return Promise.all(task.to.map((to) => pingTraffic(to, task.traffic)));
    case "datagrams":
      await sendDatagrams(task.to, task.count);
      return null;
  }
}

console.log(JSON.stringify(await perform(JSON.parse(process.argv[2] ?? "") as InsideTask)));
