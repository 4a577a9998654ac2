// The official `openai` client against `maskwright serve`. Arguments: the folder with node_modules, and the fault
// server's URL and token after the plain one's. Prints one line for each check; exits 1 at the first that fails.
import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { readFileSync } from "node:fs";
import { join } from "node:path";

const [packages, folder, url, token, faultUrl, faultToken] = process.argv.slice(2);
const require = createRequire(join(packages, "package.json"));
const OpenAI = require("openai").default ?? require("openai");
const { toFile } = require("openai");

const client = new OpenAI({ apiKey: token, baseURL: url, maxRetries: 0, timeout: 60000 });
const read = (name) => readFileSync(join(folder, name));
const file = (name) => toFile(read(name), name, { type: "image/png" });
const model = "maskwright-builtin";

function pngSize(b64) {
  const bytes = Buffer.from(b64, "base64");
  assert.equal(bytes.subarray(1, 4).toString(), "PNG");
  return [bytes.readUInt32BE(16), bytes.readUInt32BE(20)];
}

let count = 0;
async function check(name, run) {
  await run();
  console.log(`ok ${++count} ${name}`);
}
async function fails(kind, status, run) {
  try {
    await run();
  } catch (error) {
    assert.ok(error instanceof kind, `${error?.constructor?.name}: ${error?.message}`);
    if (status) assert.equal(error.status, status);
    if (status) assert.match(error.requestID ?? error.headers?.get?.("x-request-id") ?? "", /^req_/);
    return error;
  }
  assert.fail("it should have failed");
}

await check("models", async () => {
  const ids = [];
  for await (const entry of client.models.list()) ids.push(entry.id);
  assert.ok(ids.includes(model) && ids.includes("gpt-image-2"), ids.join());
  assert.equal((await client.models.retrieve(model)).id, model);
});

await check("edit with a mask", async () => {
  const { data: answer, request_id, response } = await client.images
    .edit({ model, image: await file("in.png"), mask: await file("mask.png"), prompt: "make it red" })
    .withResponse();
  assert.match(request_id, /^req_/);
  assert.deepEqual(pngSize(answer.data[0].b64_json), [96, 64]);
  assert.match(response.headers.get("x-maskwright-did"), /red/);
  const u = answer.usage;
  assert.equal(u.total_tokens, u.input_tokens + u.output_tokens);
  assert.equal(u.input_tokens, u.input_tokens_details.text_tokens + u.input_tokens_details.image_tokens);
  assert.ok(u.output_tokens > 0 && answer.created > 1e9);
  assert.equal(answer.size, "96x64");
  assert.equal(answer.output_format, "png");
});

await check("several images, n, size, jpeg", async () => {
  const answer = await client.images.edit({
    model, image: [await file("in.png"), await file("mask.png")], mask: await file("mask.png"),
    prompt: "remove the thing", n: 2, size: "48x32", output_format: "jpeg", output_compression: 80,
  });
  assert.equal(answer.data.length, 2);
  for (const { b64_json } of answer.data)
    assert.equal(Buffer.from(b64_json, "base64").readUInt16BE(0), 0xffd8);
});

await check("edit with markup", async () => {
  const answer = await client.images.edit({
    model, image: await file("in.png"), markup: await file("markup.png"), prompt: "what the arrow says",
  });
  assert.deepEqual(pngSize(answer.data[0].b64_json), [96, 64]);
});

await check("JSON body, with a data URL and a file id", async () => {
  const uploaded = await client.files.create({ file: await file("in.png"), purpose: "vision" });
  assert.match(uploaded.id, /^file-/);
  assert.equal((await client.files.retrieve(uploaded.id)).bytes, read("in.png").length);
  const data = (name) => `data:image/png;base64,${read(name).toString("base64")}`;
  const answer = await client.post("/images/edits", {
    body: {
      model, prompt: "make it blue", images: [{ file_id: uploaded.id }, { image_url: data("in.png") }],
      mask: { image_url: data("mask.png") }, moderation: "low",
    },
  });
  assert.deepEqual(pngSize(answer.data[0].b64_json), [96, 64]);
  assert.equal((await client.files.delete(uploaded.id)).deleted, true);
});

await check("generation", async () => {
  const answer = await client.images.generate({ model, prompt: "a dark green door", size: "128x96", background: "transparent" });
  assert.deepEqual(pngSize(answer.data[0].b64_json), [128, 96]);
});

await check("stream of an edit with partials", async () => {
  const stream = await client.images.edit({
    model, image: await file("in.png"), mask: await file("mask.png"), prompt: "remove it", stream: true, partial_images: 2,
  });
  const seen = [];
  for await (const event of stream) {
    seen.push(event.type);
    pngSize(event.b64_json);
    if (event.type === "image_edit.partial_image") assert.equal(event.partial_image_index, seen.length - 1);
    else assert.ok(event.usage.total_tokens > 0);
  }
  assert.deepEqual(seen, ["image_edit.partial_image", "image_edit.partial_image", "image_edit.completed"]);
});

await check("stream of a generation", async () => {
  const stream = await client.images.generate({ model, prompt: "a teal wall", size: "64x64", stream: true, partial_images: 1 });
  const seen = [];
  for await (const event of stream) seen.push(event.type);
  assert.deepEqual(seen, ["image_generation.partial_image", "image_generation.completed"]);
});

const turn = (text, more = {}) => ({
  model: "gpt-5.1",
  input: [{
    role: "user",
    content: [
      { type: "input_text", text },
      { type: "input_image", image_url: `data:image/png;base64,${read("in.png").toString("base64")}`, detail: "high" },
    ],
  }],
  tools: [{
    type: "image_generation", model, action: "edit", size: "96x64",
    input_image_mask: { image_url: `data:image/png;base64,${read("mask.png").toString("base64")}` },
  }],
  tool_choice: { type: "image_generation" },
  ...more,
});
const picture = (response) => response.output.find((item) => item.type === "image_generation_call");

await check("responses with the image tool, and a second turn", async () => {
  const first = await client.responses.create(turn("make it red"));
  assert.equal(first.status, "completed");
  assert.deepEqual(pngSize(picture(first).result), [96, 64]);
  assert.match(picture(first).revised_prompt, /red/);
  assert.equal(picture(first).action, "edit");
  assert.ok(first.usage.total_tokens > 0 && first.output_text.length > 0);
  const second = await client.responses.create({
    model: "gpt-5.1", input: "now darken it", previous_response_id: first.id,
    tools: [{ type: "image_generation", model }],
  });
  assert.equal(picture(second).action, "edit");
  assert.deepEqual(pngSize(picture(second).result), [96, 64]);
  assert.notEqual(picture(second).result, picture(first).result);
  const third = await client.responses.create({
    model: "gpt-5.1", tools: [{ type: "image_generation", model, size: "64x64" }],
    input: [{ role: "user", content: "blur it" }, { type: "image_generation_call", id: picture(first).id }],
  });
  assert.deepEqual(pngSize(picture(third).result), [64, 64]);
});

await check("stream of a response", async () => {
  const request = turn("make it green", { stream: true });
  request.tools[0].partial_images = 1;
  const stream = await client.responses.create(request);
  const seen = [];
  let last = -1, final;
  for await (const event of stream) {
    assert.equal(event.sequence_number, ++last);
    seen.push(event.type);
    if (event.type === "response.image_generation_call.partial_image") pngSize(event.partial_image_b64);
    if (event.type === "response.output_item.done" && event.item.type === "image_generation_call") final = event.item.result;
  }
  pngSize(final);
  const tool = seen.filter((type) => type.includes("image_generation_call")).map((type) => type.split(".").pop());
  assert.deepEqual(tool, ["in_progress", "generating", "partial_image", "completed"]);
  assert.equal(seen[0], "response.created");
  assert.equal(seen.at(-1), "response.completed");
});

await check("background, polled, and taken up again after an event", async () => {
  let response = await client.responses.create(turn("make it yellow", { background: true }));
  assert.ok(["queued", "in_progress", "completed"].includes(response.status));
  for (let i = 0; i < 600 && !["completed", "failed"].includes(response.status); ++i) {
    await new Promise((done) => setTimeout(done, 50));
    response = await client.responses.retrieve(response.id);
  }
  assert.equal(response.status, "completed");
  pngSize(picture(response).result);
  const stream = await client.responses.retrieve(response.id, { stream: true, starting_after: 3 });
  const numbers = [];
  for await (const event of stream) numbers.push(event.sequence_number);
  assert.equal(numbers[0], 4);
  assert.deepEqual(numbers, numbers.map((_, i) => i + 4));
  assert.equal((await client.responses.cancel(response.id)).status, "completed");
});

await check("background, cancelled", async () => {
  const slow = new OpenAI({ apiKey: faultToken, baseURL: faultUrl, maxRetries: 0 });
  // The first request of the fault server is a large removal; the others are its faults.
  const big = `data:image/png;base64,${read("big.png").toString("base64")}`;
  const request = turn("remove it", { background: true });
  request.input[0].content[1].image_url = big;
  delete request.tools[0].size;
  delete request.tools[0].input_image_mask;
  const response = await slow.responses.create(request);
  const cancelled = await slow.responses.cancel(response.id);
  assert.equal(cancelled.status, "cancelled");
  assert.equal((await slow.responses.retrieve(response.id)).status, "cancelled");
});

await check("error classes", async () => {
  const edit = async (more) => client.images.edit({ model, image: await file("in.png"), prompt: "remove it", ...more });
  let error = await fails(OpenAI.BadRequestError, 400, () => edit({ n: 99 }));
  assert.equal(error.param, "n");
  assert.equal(error.code, "integer_above_max_value");
  error = await fails(OpenAI.BadRequestError, 400, async () => edit({ mask: await file("big.png") }));
  assert.match(error.message, /Invalid mask image format/);
  error = await fails(OpenAI.BadRequestError, 400, () => edit({ model: "gpt-image-2", size: "1000x1000" }));
  assert.equal(error.param, "size");
  error = await fails(OpenAI.NotFoundError, 404, () => edit({ model: "dall-e-2" }));
  assert.equal(error.code, "model_not_found");
  error = await fails(OpenAI.BadRequestError, 400, () => edit({ strength: 0.5 }));
  assert.equal(error.code, "unknown_parameter");
  error = await fails(OpenAI.BadRequestError, 400, async () => edit({ image: await toFile(Buffer.from("no picture"), "x.png") }));
  await fails(OpenAI.NotFoundError, 404, () => client.responses.retrieve("resp_none"));
  const wrong = new OpenAI({ apiKey: "sk-wrong", baseURL: url, maxRetries: 0 });
  error = await fails(OpenAI.AuthenticationError, 0, () => wrong.models.list());
  assert.equal(error.code, "invalid_api_key");
});

await check("faults, as the client sees them", async () => {
  const faulty = new OpenAI({ apiKey: faultToken, baseURL: faultUrl, maxRetries: 0, timeout: 60000 });
  const edit = async (more) => faulty.images.edit({ model, image: await file("in.png"), mask: await file("mask.png"), prompt: "make it red", ...more });
  // 2: 429, 3: 500, 4: moderation, 5: cut, 6: cut of a stream, 7: wrong size, 8: html
  let error = await fails(OpenAI.RateLimitError, 429, edit);
  assert.equal(error.headers.get("retry-after"), "7");
  await fails(OpenAI.InternalServerError, 500, edit);
  error = await fails(OpenAI.BadRequestError, 400, edit);
  assert.equal(error.code, "moderation_blocked");
  await fails(Error, 0, edit);
  await fails(Error, 0, async () => {
    for await (const event of await edit({ stream: true, partial_images: 1 })) assert.notEqual(event.type, "image_edit.completed");
    throw new Error("the stream ended without its last event");
  });
  assert.deepEqual(pngSize((await edit()).data[0].b64_json), [40, 24]);
  await fails(OpenAI.InternalServerError, 502, edit);
  // 9: 503 with retry-after, then good: the client's own second try.
  const patient = new OpenAI({ apiKey: faultToken, baseURL: faultUrl, maxRetries: 2 });
  const answer = await patient.images.edit({ model, image: await file("in.png"), mask: await file("mask.png"), prompt: "make it red" });
  pngSize(answer.data[0].b64_json);
});

console.log(`all ${count} checks hold`);
