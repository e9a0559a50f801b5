/** `redquake images`: the name of each image, and what is in it. */
import { EXIT } from "../../../session/exit-code.ts";
import { buildImages } from "../../../session/servers/build-images.ts";
import { print } from "../../terminal/print.ts";
import { say } from "../../terminal/say.ts";

/** Resolves with the exit code. @throws what `buildImages` throws. */
export async function imagesAction(servers: readonly string[]): Promise<number> {
  await buildImages(servers, { notice: say, made: (image, what) => print(`${image}  ${what}`) });
  return EXIT.wellDone;
}
