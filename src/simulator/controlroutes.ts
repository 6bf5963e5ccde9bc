import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { ToolkitError } from "../core/errors.ts";
import type { Category } from "../model/instrument.ts";
import type { Control } from "./control.ts";
import { faultRule } from "./faults/rules.ts";
import { isRecord, type RawParams } from "./gateway/params.ts";

/** One thing the control interface does, as `POST /control/NAME` with a JSON body. */
type Command = (body: RawParams) => unknown;

/**
 * The control interface: `POST /control/NAME`, `GET /control/state`. Not part of Bybit; answers this machine only.
 */
export function controlRoutes(app: FastifyInstance, control: Control): void {
  const commands: Record<string, Command> = {
    step(body) {
      if (body.until !== undefined) return { time: control.stepTo(Number(body.until)) };
      if (body.bars !== undefined) return { time: control.stepBars(Number(body.bars)) };
      return { time: control.step(Number(body.ms)) };
    },
    faults(body) {
      if (body.clear === true) control.faults.clear();
      const rules: unknown[] = Array.isArray(body.rules) ? body.rules : [];
      for (const [i, rule] of rules.entries()) control.faults.add(faultRule(rule, i));
      return { hits: control.faults.hits() };
    },
    liquidate: (body) => ({ done: control.liquidate(category(body), String(body.symbol)) }),
    adl: (body) => ({ done: control.deleverage(category(body), String(body.symbol), text(body.qty)) }),
    instrument(body) {
      const change = isRecord(body.change) ? (body.change as Record<string, string | number>) : {};
      control.changeInstrument(category(body), String(body.symbol), change);
      return {};
    },
    deposit(body) {
      control.deposit(String(body.coin), Number(body.amount));
      return {};
    },
    key(body) {
      const change = {
        ...(typeof body.expiresAt === "number" && { expiresAt: body.expiresAt }),
        ...(Array.isArray(body.permissions) && { permissions: body.permissions.map(String) }),
        ...(typeof body.readOnly === "boolean" && { readOnly: body.readOnly }),
      };
      control.setKey(change, typeof body.apiKey === "string" ? body.apiKey : undefined);
      return {};
    },
    skew(body) {
      control.setClockSkew(Number(body.ms));
      return {};
    },
    disconnect: (body) => ({ connections: control.disconnect(text(body.path)) }),
  };
  for (const [name, command] of Object.entries(commands)) {
    app.post(`/control/${name}`, (request, reply) => answer(request, reply, command));
  }
  app.get("/control/state", (request, reply) => answer(request, reply, () => control.state()));
}

function answer(request: FastifyRequest, reply: FastifyReply, command: Command): void {
  if (!isThisMachine(request.socket.remoteAddress ?? "")) {
    reply.code(403).type("application/json").send('{"error":{"code":"LOOPBACK","message":"loopback only"}}');
    return;
  }
  try {
    const body: unknown = Buffer.isBuffer(request.body) && request.body.length > 0 ? JSON.parse(`${request.body}`) : {};
    reply.type("application/json").send(JSON.stringify(command(isRecord(body) ? body : {})));
  } catch (error) {
    const code = error instanceof ToolkitError ? error.code : "BODY";
    const { message } = error as Error;
    reply
      .code(400)
      .type("application/json")
      .send(JSON.stringify({ error: { code, message } }));
  }
}

function isThisMachine(address: string): boolean {
  return address === "::1" || /^(::ffff:)?127\./.test(address);
}

function category(body: RawParams): Category {
  return body.category === "inverse" || body.category === "spot" ? body.category : "linear";
}

function text(value: unknown): string {
  return typeof value === "string" ? value : "";
}
