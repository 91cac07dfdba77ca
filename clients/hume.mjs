// One chat with a tool and an interruption, by npm `hume`.

import { HumeClient } from 'hume';
import { giveUp } from './sound.mjs';

giveUp(30);

const base = process.env.EVI_URL;
const client = new HumeClient({ apiKey: process.env.EVI_KEY, environment: { base, evi: base.replace('http', 'ws') + '/v0/evi' } });
const chat = client.empathicVoice.chat.connect({
  configId: '11111111-2222-4333-8444-555555555555',
  sessionSettings: { audio: { encoding: 'linear16', sampleRate: 8000, channels: 1 } },
  reconnectAttempts: 0,
});

const seen = [];
let emotions = 0;

chat.on('error', (e) => {
  console.error('error:', e.message);
  process.exit(1);
});
chat.on('close', (e) => {
  console.log(`      hume: ${seen.join(', ')}; ${emotions} emotions`);
  const whole = ['user_message', 'tool_call', 'assistant_message', 'audio_output', 'user_interruption', 'assistant_end'].every((kind) => seen.includes(kind));
  process.exit(e.code === 1000 && whole && emotions === 48 ? 0 : 1);
});
chat.on('message', (m) => {
  if (seen.at(-1) !== m.type) {
    seen.push(m.type);
  }
  switch (m.type) {
    case 'chat_metadata':
      chat.sendAudioInput({ data: Buffer.alloc(320).toString('base64') });
      break;
    case 'user_message':
      emotions = Object.keys(m.models.prosody.scores).length;
      break;
    case 'tool_call':
      chat.sendToolResponseMessage({ toolCallId: m.toolCallId, content: '{"status":"shipped"}' });
      break;
    case 'audio_output':
      if (!seen.includes('user_interruption') && m.index === 0) {
        chat.sendUserInput('interrupt');
      }
      break;
    case 'assistant_end':
      chat.close();
      break;
  }
});
