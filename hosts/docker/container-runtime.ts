/**
 * The container engine of this machine, as far as testcontainers does not expose it: its version, images, networks with
 * addresses of our choice, and what carries a label. Everything that speaks to the engine's API directly is here; nodes
 * themselves are testcontainers' (`docker-node.ts`). Loading this module loads testcontainers, which takes a quarter of
 * a second.
 */
import { release } from "node:os";
import { PassThrough } from "node:stream";
import type { Readable } from "node:stream";
import { text } from "node:stream/consumers";
import { getContainerRuntimeClient, ImageName } from "testcontainers";
import type { ContainerRuntimeClient } from "testcontainers";
import { HostError } from "../../machine/host-error.ts";

type Labels = Readonly<Record<string, string>>;

export interface NetworkRequest {
  readonly name: string;
  /** Such as `10.213.4.0/26`. */
  readonly subnet: string;
  /** The machine's own address in it. */
  readonly gateway: string;
  readonly labels: Labels;
}

/** A container, network or volume with a label that was asked for. */
export interface Labelled {
  readonly kind: "container" | "network" | "volume";
  readonly id: string;
  readonly labels: Labels;
}

/** What the engine says when an address range belongs to another network already. */
const SUBNET_TAKEN = /overlap/i;
/** The one that testcontainers 12 starts. */
const RYUK_IMAGE = "testcontainers/ryuk:0.14.0";
const NOT_FOUND = 404;
const CONFLICT = 409;

export class ContainerRuntime {
  readonly #client: ContainerRuntimeClient;

  private constructor(client: ContainerRuntimeClient) {
    this.#client = client;
  }

  /**
   * Finds the engine where testcontainers looks for it: `DOCKER_HOST`, its own settings, the usual sockets. Undefined
   * when none answers.
   */
  static async find(): Promise<ContainerRuntime | undefined> {
    let client: ContainerRuntimeClient;
    try {
      client = await getContainerRuntimeClient();
    } catch (error) {
      // It tells one failure only: that nothing it knows of answers.
      if (/working container runtime/.test((error as Error).message)) return undefined;
      throw error;
    }
    return new ContainerRuntime(client);
  }

  /** The engine's version, such as `20.10.24`. */
  get version(): string {
    return String(this.#client.info.containerRuntime.serverVersion);
  }

  /** Where the engine was found. */
  get place(): { readonly path: string } | { readonly host: string; readonly port: number } {
    const modem = this.#client.container.dockerode.modem as {
      socketPath?: string;
      host?: string;
      port?: string | number;
    };
    if (modem.socketPath !== undefined) return { path: modem.socketPath };
    return { host: modem.host ?? "", port: Number(modem.port) };
  }

  /**
   * The newest version of the API that the engine speaks, such as `1.41`; undefined where what answers is no engine.
   */
  async apiVersion(): Promise<string | undefined> {
    const answer = (await this.#client.container.dockerode.version()) as { readonly ApiVersion?: string };
    return answer.ApiVersion;
  }

  /** Names of the local images of a repository, such as `redis:7.0` of `redis`. */
  async imagesOf(repository: string): Promise<readonly string[]> {
    const images = await this.#client.container.dockerode.listImages({ filters: { reference: [repository] } });
    return images.flatMap(({ RepoTags: tags }) => tags ?? []);
  }

  /**
   * Whether testcontainers' own reaper (Ryuk), which removes what a killed process leaves, can look after containers:
   * when its image is here. It is never pulled for that.
   */
  async hasReaper(): Promise<boolean> {
    if (process.env["TESTCONTAINERS_RYUK_DISABLED"] === "true") return false;
    return (await this.imageLabels(process.env["RYUK_CONTAINER_IMAGE"] ?? RYUK_IMAGE)) !== undefined;
  }

  /**
   * Whether containers are processes of this very kernel, which we can signal and whose addresses we can reach: not in
   * Docker Desktop's virtual machine, and not on a server that `DOCKER_HOST` names.
   */
  async isOnThisMachine(): Promise<boolean> {
    const { KernelVersion: kernel } = (await this.#client.container.dockerode.info()) as { KernelVersion?: string };
    return process.platform === "linux" && kernel === release();
  }

  /** The labels of a local image; undefined where there is none of that name. */
  async imageLabels(name: string): Promise<Labels | undefined> {
    try {
      const image = await this.#client.container.dockerode.getImage(name).inspect();
      return image.Config.Labels ?? {};
    } catch (error) {
      if (statusOf(error) === NOT_FOUND) return undefined;
      throw error;
    }
  }

  /** @throws HostError with what the engine or the registry says. */
  async pullImage(name: string): Promise<void> {
    await this.#finish(`pull the image ${name}`, () =>
      this.#client.container.dockerode.pull(ImageName.fromString(name).string),
    );
  }

  /** Makes an image from the archive of a root file system. @throws HostError with what the engine says. */
  async importImage(name: string, archive: Readable): Promise<void> {
    const { repository, tag } = splitTag(name);
    await this.#finish(`import the image ${name}`, () =>
      this.#client.container.dockerode.importImage(archive, { repo: repository, tag }),
    );
  }

  /** Builds an image from the Dockerfile in a folder. @throws HostError with the end of the build's output. */
  async buildImage(
    name: string,
    options: {
      readonly folder: string;
      readonly files: readonly string[];
      readonly base: string;
      readonly labels: Labels;
    },
  ): Promise<void> {
    const context = { context: options.folder, src: [...options.files] };
    await this.#finish(`build the image ${name}`, () =>
      this.#client.container.dockerode.buildImage(context, {
        t: name,
        buildargs: { BASE: options.base },
        labels: { ...options.labels },
        forcerm: true,
      }),
    );
  }

  /** Runs one command in a container that is removed again. Returns what it printed. */
  async output(image: string, entrypoint: string, args: readonly string[]): Promise<string> {
    const output = new PassThrough();
    const printed = text(output);
    const [result] = (await this.#client.container.dockerode.run(image, [...args], output, {
      Entrypoint: [entrypoint],
      Tty: true,
      HostConfig: { AutoRemove: true, NetworkMode: "none" },
    })) as [{ StatusCode: number }];
    output.end();
    if (result.StatusCode !== 0) {
      throw new HostError(
        `${entrypoint} ${args.join(" ")} ended with ${result.StatusCode} in ${image}: ${await printed}`,
      );
    }
    return printed;
  }

  /**
   * Makes a network that reaches this machine and nothing beyond. Returns whether its addresses were free: false when
   * another network has some of them.
   */
  async createNetwork(request: NetworkRequest): Promise<boolean> {
    try {
      await this.#client.container.dockerode.createNetwork({
        Name: request.name,
        CheckDuplicate: true,
        Driver: "bridge",
        Internal: true,
        IPAM: { Driver: "default", Config: [{ Subnet: request.subnet, Gateway: request.gateway }] },
        Labels: { ...request.labels },
      });
      return true;
    } catch (error) {
      if (SUBNET_TAKEN.test((error as Error).message)) return false;
      throw error;
    }
  }

  /** Starts a container that is there already and does not run. */
  async startContainer(id: string): Promise<void> {
    await this.#client.container.getById(id).start();
  }

  /** Process id, on this machine, of a container's first process; undefined when it does not run. */
  async containerPid(id: string): Promise<number | undefined> {
    const { State: state } = await this.#client.container.getById(id).inspect();
    return state.Running ? state.Pid : undefined;
  }

  /** The last lines that a container has written to its standard output and error. */
  async containerLog(id: string, lines: number): Promise<string> {
    const log = await this.#client.container.getById(id).logs({ stdout: true, stderr: true, tail: lines });
    // Without a terminal each piece has a header of eight bytes, and the last four are its length.
    const pieces: string[] = [];
    for (let at = 0; at + 8 <= log.length; at += 8 + log.readUInt32BE(at + 4))
      pieces.push(log.toString("utf8", at + 8, at + 8 + log.readUInt32BE(at + 4)));
    return pieces.join("").trimEnd();
  }

  /** Resolves when the container has ended. */
  async containerEnd(id: string): Promise<void> {
    await this.#client.container.getById(id).wait();
  }

  /** Everything that carries this label, whatever its state. */
  async labelled(label: string): Promise<readonly Labelled[]> {
    const engine = this.#client.container.dockerode;
    const filters = { label: [label] };
    const [containers, networks, { Volumes: volumes }] = await Promise.all([
      engine.listContainers({ all: true, filters }),
      engine.listNetworks({ filters }),
      engine.listVolumes({ filters }),
    ]);
    return [
      ...containers.map(({ Id: id, Labels: labels }): Labelled => ({ kind: "container", id, labels })),
      ...networks.map(({ Id: id, Labels: labels }): Labelled => ({ kind: "network", id, labels: labels ?? {} })),
      ...(volumes ?? []).map(({ Name: id, Labels: labels }): Labelled => ({
        kind: "volume",
        id,
        labels: labels ?? {},
      })),
    ];
  }

  /**
   * Ends and removes: containers first, since networks and volumes cannot go before them. What is gone already is no
   * error.
   */
  async remove(things: readonly Labelled[]): Promise<void> {
    const engine = this.#client.container.dockerode;
    const all = (kind: Labelled["kind"], remove: (id: string) => Promise<unknown>): Promise<unknown> =>
      Promise.all(things.filter((thing) => thing.kind === kind).map(({ id }) => unlessGone(remove(id))));
    await all("container", (id) => engine.getContainer(id).remove({ force: true, v: true }));
    await all("network", (id) => engine.getNetwork(id).remove());
    await all("volume", (id) => engine.getVolume(id).remove());
  }

  /** Waits for an engine's long task; the engine reports its failure in the stream, not in the answer. */
  async #finish(task: string, begin: () => Promise<NodeJS.ReadableStream>): Promise<void> {
    const engine = this.#client.container.dockerode;
    const output: string[] = [];
    try {
      const stream = await begin();
      await new Promise<void>((resolve, reject) => {
        engine.modem.followProgress(
          stream,
          (error: Error | null) => (error === null ? resolve() : reject(error)),
          (progress: { readonly stream?: string }) => output.push(progress.stream ?? ""),
        );
      });
    } catch (error) {
      const end = output.join("").trim().split("\n").slice(-8).join("\n");
      throw new HostError(`the engine could not ${task}: ${(error as Error).message}${end === "" ? "" : `\n${end}`}`, {
        cause: error,
      });
    }
  }
}

async function unlessGone(removal: Promise<unknown>): Promise<void> {
  try {
    await removal;
  } catch (error) {
    // Gone, or somebody else is removing it at this moment.
    const status = statusOf(error);
    if (status === NOT_FOUND || (status === CONFLICT && /already in progress/.test((error as Error).message))) return;
    throw error;
  }
}

function statusOf(error: unknown): number | undefined {
  return (error as { statusCode?: number }).statusCode;
}

function splitTag(name: string): { repository: string; tag: string } {
  const colon = name.lastIndexOf(":");
  return { repository: name.slice(0, colon), tag: name.slice(colon + 1) };
}
