package agent

import (
	"strings"

	"github.com/patchcord/patchcord/realtime"
)

// Price is what a model costs, in USD for a million tokens, or for a minute.
type Price struct {
	TextIn, TextCached, TextOut    float64
	AudioIn, AudioCached, AudioOut float64
	Minute                         float64
}

// Prices are those of models, by their names. A name stands for its dated snapshots, too.
type Prices map[string]Price

// PricesAsOf is when the built-in prices were read off OpenAI's model pages.
const PricesAsOf = "2026-11-22"

var builtinPrices = Prices{
	"gpt-realtime-2.1":      {TextIn: 4, TextCached: 0.40, TextOut: 24, AudioIn: 32, AudioCached: 0.40, AudioOut: 64},
	"gpt-realtime-2.1-mini": {TextIn: 0.60, TextCached: 0.06, TextOut: 2.40, AudioIn: 10, AudioCached: 0.30, AudioOut: 20},
	"gpt-realtime-2":        {TextIn: 4, TextCached: 0.40, TextOut: 24, AudioIn: 32, AudioCached: 0.40, AudioOut: 64},
	"gpt-realtime-1.5":      {TextIn: 4, TextCached: 0.40, TextOut: 16, AudioIn: 32, AudioCached: 0.40, AudioOut: 64},
	"gpt-realtime-whisper":  {Minute: 0.017},
}

// find is the price of a model: by its name, or the longest name that it goes on from.
func (p Prices) find(model string) (Price, bool) {
	best, found := "", false
	for name := range p {
		if (name == model || strings.HasPrefix(model, name+"-")) && len(name) >= len(best) {
			best, found = name, true
		}
	}
	return p[best], found
}

// USD is what a usage costs; 0 if neither p nor the built-in prices have its model.
func (p Prices) USD(u Usage) float64 {
	price, ok := p.find(u.Model)
	if !ok {
		price, _ = builtinPrices.find(u.Model)
	}
	usd := u.Seconds / 60 * price.Minute
	for _, part := range []struct {
		tokens  int
		million float64 // what so many cost
	}{
		{u.TextIn - u.CachedText, price.TextIn}, {u.CachedText, price.TextCached}, {u.TextOut, price.TextOut},
		{u.AudioIn - u.CachedAudio, price.AudioIn}, {u.CachedAudio, price.AudioCached}, {u.AudioOut, price.AudioOut},
	} {
		usd += float64(part.tokens) / 1e6 * part.million
	}
	return usd
}

// charge tells the call what an answer cost. Servers that don't say cost nothing.
func (a *realtimeAgent) charge(u *realtime.Usage) {
	if u != nil {
		a.chargeFor(a.model, *u, 0)
	}
}

func (a *realtimeAgent) chargeFor(model string, u realtime.Usage, seconds float64) {
	in, out, cached := u.InputDetails, u.OutputDetails, u.InputDetails.CachedDetails
	use := Usage{Model: model, Seconds: seconds,
		TextIn: in.Text, AudioIn: in.Audio, TextOut: out.Text, AudioOut: out.Audio,
		CachedText: min(cached.Text, in.Text), CachedAudio: min(cached.Audio, in.Audio)}
	if in.TokenDetails == (realtime.TokenDetails{}) {
		use.TextIn = u.InputTokens
	}
	if out == (realtime.TokenDetails{}) {
		use.TextOut = u.OutputTokens
	}
	if use == (Usage{Model: model}) {
		return
	}
	use.USD = a.prices.USD(use)
	a.emit(use)
}
