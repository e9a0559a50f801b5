/** A request that is refused. The texts are part of Toxiproxy's API: clients compare them. */
export class ApiError extends Error {
  /** The HTTP code, repeated in the body of the answer. */
  readonly status: number;

  constructor(status: number, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = "ApiError";
    this.status = status;
  }

  static badRequestBody(detail: string): ApiError {
    return new ApiError(400, `bad request body: ${detail}`);
  }

  /** @param where empty, or ` at proxy N` for an entry of a list. */
  static missingField(field: "name" | "upstream", where = ""): ApiError {
    return new ApiError(400, `missing required field: ${field}${where}`);
  }

  static invalidStream(): ApiError {
    return new ApiError(400, "stream was invalid, can be either upstream or downstream");
  }

  static invalidToxicType(): ApiError {
    return new ApiError(400, "invalid toxic type");
  }

  static proxyNotFound(): ApiError {
    return new ApiError(404, "proxy not found");
  }

  static toxicNotFound(): ApiError {
    return new ApiError(404, "toxic not found");
  }

  static proxyExists(): ApiError {
    return new ApiError(409, "proxy already exists");
  }

  static toxicExists(): ApiError {
    return new ApiError(409, "toxic already exists");
  }

  /** An address that cannot be understood, resolved or listened on. */
  static cannotListen(listen: string, cause: unknown): ApiError {
    return new ApiError(500, `listen tcp ${listen}: ${reason(cause)}`, { cause });
  }
}

const REASONS: Readonly<Record<string, string>> = {
  EADDRINUSE: "bind: address already in use",
  EADDRNOTAVAIL: "bind: cannot assign requested address",
  EACCES: "bind: permission denied",
};

function reason(cause: unknown): string {
  if (!(cause instanceof Error)) return String(cause);
  const code = "code" in cause && typeof cause.code === "string" ? cause.code : "";
  return REASONS[code] ?? cause.message;
}
