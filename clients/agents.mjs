// One session with a tool and an interruption, by npm `@openai/agents-realtime`, which
// runs the tool and truncates by itself.

import { OpenAIRealtimeWebSocket, RealtimeAgent, RealtimeSession, tool } from '@openai/agents-realtime';
import { z } from 'zod';
import { giveUp, turn } from './sound.mjs';

giveUp(30);

let asked = 0;
const orderStatus = tool({
  name: 'order_status',
  description: 'Look up an order.',
  parameters: z.object({ order_id: z.string() }),
  execute: async ({ order_id }) => {
    asked++;
    return order_id === 'A-17' ? '{"status":"shipped"}' : '{"error":"unknown"}';
  },
});

const agent = new RealtimeAgent({ name: 'Dispatcher', instructions: 'Be brief.', tools: [orderStatus] });
const session = new RealtimeSession(agent, {
  transport: new OpenAIRealtimeWebSocket({ url: process.env.REALTIME_URL + '?model=gpt-realtime-2.1', useInsecureApiKey: true }),
  model: 'gpt-realtime-2.1',
  config: {
    outputModalities: ['audio'],
    audio: {
      input: {
        format: { type: 'audio/pcmu' },
        transcription: { model: 'gpt-transcribe' },
        turnDetection: { type: 'server_vad', silenceDurationMs: 500, createResponse: true, interruptResponse: true },
      },
      output: { format: { type: 'audio/pcmu' }, voice: 'marin' },
    },
  },
  tracingDisabled: true,
});

const say = () => {
  for (const frame of turn()) {
    session.sendAudio(Uint8Array.from(frame).buffer);
  }
};

let answers = 0;
let bytes = 0;
let spokeOver = false;

session.on('error', (e) => {
  console.error('error:', e.error);
  process.exit(1);
});
session.on('audio', (e) => {
  bytes += e.data.byteLength;
  if (answers >= 1 && !spokeOver && asked === 1) {
    spokeOver = true;
    setTimeout(say, 50); // over it
  }
});
session.transport.on('*', (e) => {
  if (e.type === 'session.updated' && answers === 0 && !say.done && e.session.audio?.input?.format?.type === 'audio/pcmu') {
    say.done = true;
    say();
  }
  if (e.type === 'response.done' && ++answers === 3) {
    console.log(`      agents-realtime: ${answers} answers, ${bytes} bytes of audio, ${asked} tool call`);
    session.close();
    setTimeout(() => process.exit(asked === 1 ? 0 : 1), 200);
  }
});

await session.connect({ apiKey: process.env.REALTIME_KEY });
