// One session with a tool and an interruption, by npm `openai`, over TLS.

import fs from 'node:fs';
import OpenAI from 'openai';
import { OpenAIRealtimeWS } from 'openai/realtime/ws';
import { giveUp, turn } from './sound.mjs';

giveUp(30);

const baseURL = process.env.REALTIME_URL.replace('wss:', 'https:').replace(/\/realtime$/, '');
const client = new OpenAI({ apiKey: process.env.REALTIME_KEY, baseURL });
const rt = new OpenAIRealtimeWS({ model: 'gpt-realtime-2.1', options: { ca: fs.readFileSync(process.env.REALTIME_CA) } }, client);

const say = () => {
  for (const frame of turn()) {
    rt.send({ type: 'input_audio_buffer.append', audio: frame.toString('base64') });
  }
};

rt.on('error', (e) => {
  console.error('error:', e.message);
  process.exit(1);
});
rt.socket.on('close', (code) => process.exit(code === 1000 ? 0 : 1));

rt.on('session.created', () =>
  rt.send({
    type: 'session.update',
    session: {
      type: 'realtime',
      instructions: 'Be brief.',
      output_modalities: ['audio'],
      audio: {
        input: {
          format: { type: 'audio/pcmu' },
          transcription: { model: 'gpt-transcribe' },
          turn_detection: { type: 'server_vad', silence_duration_ms: 500, create_response: true, interrupt_response: true },
        },
        output: { format: { type: 'audio/pcmu' }, voice: 'marin' },
      },
      tools: [{ type: 'function', name: 'order_status', parameters: { type: 'object', properties: { order_id: { type: 'string' } } } }],
      tool_choice: 'auto',
    },
  }),
);
rt.on('session.updated', say);

let speaking; // the item whose audio arrives
let answers = 0;
let bytes = 0;

rt.on('response.output_audio.delta', (e) => {
  bytes += Buffer.from(e.delta, 'base64').length;
  if (answers === 1 && speaking === undefined) {
    speaking = e.item_id;
    say(); // over it
  }
});
rt.on('response.done', (e) => {
  answers++;
  const call = e.response.output.find((item) => item.type === 'function_call');
  if (call) {
    rt.send({ type: 'conversation.item.create', item: { type: 'function_call_output', call_id: call.call_id, output: '{"status":"shipped"}' } });
    rt.send({ type: 'response.create' });
  }
  if (e.response.status === 'cancelled') {
    rt.send({ type: 'conversation.item.truncate', item_id: speaking, content_index: 0, audio_end_ms: 40 });
  }
  if (answers === 3) {
    console.log(`      openai: ${answers} answers, ${bytes} bytes of audio`);
    rt.close({ code: 1000, reason: 'done' });
  }
});
