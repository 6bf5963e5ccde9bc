/** Every error this project throws on purpose. `code` is stable and public; `message` may change. */
export class ToolkitError extends Error {
  readonly code: string;
  readonly details: Readonly<Record<string, unknown>>;

  constructor(code: string, message: string, details: Record<string, unknown> = {}, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = new.target.name;
    this.code = code;
    this.details = details;
  }
}

/** The caller broke a documented precondition: fix the call, never retry. */
export class ArgumentError extends ToolkitError {}

/** A file the user wrote (strategy, config) is wrong: fix the file. */
export class ConfigError extends ToolkitError {}

/** Market data or a stored file is wrong: the message names file, row and field. */
export class DataError extends ToolkitError {}

/** Bars are missing where they are needed: fetch them or skip the span. */
export class DataGap extends DataError {}

/** The exchange answered, and its answer was no. */
export class VenueRejection extends ToolkitError {}

/** The request was not sent: it may be retried. */
export class VenueUnreachable extends ToolkitError {}

/** The request was sent and no answer came: reconcile, never resend under another id. */
export class OutcomeUnknown extends ToolkitError {}
