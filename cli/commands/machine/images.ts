/** `redquake images`: its options and its help. */
import type { AddCommand } from "../../options/command.ts";
import { examples } from "../../options/command.ts";

export const addImages: AddCommand = (program, ended) => {
  program
    .command("images")
    .description("make the Docker images of servers before a run needs them, and print their names")
    .argument(
      "[servers...]",
      "versions or images as --redis takes them, etcd or zookeeper (default: all that --redis knows)",
    )
    .addHelpText("after", examples("redquake images", "redquake images 8.0 etcd"))
    .action(async (servers: string[]) => {
      const { imagesAction } = await import("./images-action.ts");
      ended(await imagesAction(servers));
    });
};
