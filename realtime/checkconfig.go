package realtime

import (
	"cmp"
	"errors"
	"fmt"
)

func (c *Config) check() error {
	in, out := c.Audio.Input, c.Audio.Output
	return cmp.Or(checkModalities(c.OutputModalities),
		in.Format.check("Audio.Input.Format"), in.check(),
		out.Format.check("Audio.Output.Format"), out.checkSpeed(),
		checkTools(c.Tools), c.ToolChoice.check(), c.Reasoning.check(), c.MaxOutputTokens.check(), c.Truncation.check())
}

func checkModalities(m []Modality) error {
	switch {
	case m == nil:
		return nil
	case len(m) != 1 || m[0] != ModalityAudio && m[0] != ModalityText:
		return fmt.Errorf("OutputModalities are %q: audio or text is wanted, one of them", m)
	}
	return nil
}

func checkTools(tools []Tool) error {
	for i, t := range tools {
		if err := t.check(fmt.Sprintf("Tools[%d]", i)); err != nil {
			return err
		}
	}
	return nil
}

func (in AudioInput) check() error {
	if n, ok := in.NoiseReduction.Get(); ok {
		if err := oneOf("Audio.Input.NoiseReduction.Type", n.Type, NearField, FarField); err != nil {
			return err
		}
	}
	if t, ok := in.Transcription.Get(); ok {
		err := oneOf("Audio.Input.Transcription.Delay", t.Delay, "", "minimal", "low", "medium", "high", "xhigh")
		if err != nil {
			return err
		}
	}
	if t, ok := in.TurnDetection.Get(); ok {
		return t.check()
	}
	return nil
}

func (t TurnDetection) check() error {
	const field = "Audio.Input.TurnDetection."
	for _, n := range []struct {
		name        string
		value       Opt[int]
		least, most int
	}{
		{"PrefixPaddingMS", t.PrefixPaddingMS, 0, 60_000},
		{"SilenceDurationMS", t.SilenceDurationMS, 0, 60_000},
		{"IdleTimeoutMS", t.IdleTimeoutMS, 5000, 30_000},
	} {
		v, ok := n.value.Get()
		if ok && t.Type == SemanticVAD {
			return errors.New(field + n.name + " is set: semantic_vad has none")
		}
		if err := between(field+n.name, v, n.least, n.most); ok && err != nil {
			return err
		}
	}
	if v, ok := t.Threshold.Get(); ok && (v < 0 || v > 1 || t.Type == SemanticVAD) {
		return fmt.Errorf("%sThreshold is %g: between 0 and 1 is wanted, with server_vad", field, v)
	}
	if t.Eagerness != "" && t.Type == ServerVAD {
		return errors.New(field + "Eagerness is set: server_vad has none")
	}
	return cmp.Or(oneOf(field+"Type", t.Type, ServerVAD, SemanticVAD),
		oneOf(field+"Eagerness", t.Eagerness, "", "low", "medium", "high", "auto"))
}

func (out AudioOutput) checkSpeed() error {
	if out.Speed != 0 && !(out.Speed >= 0.25 && out.Speed <= 1.5) {
		return fmt.Errorf("Audio.Output.Speed is %g: between 0.25 and 1.5 is wanted", out.Speed)
	}
	return nil
}

func (c ToolChoice) check() error {
	set := 0
	for _, s := range []string{c.Mode, c.Function, c.MCPServer} {
		if s != "" {
			set++
		}
	}
	switch {
	case set > 1:
		return errors.New("ToolChoice has more than one of Mode, Function and MCPServer")
	case c.MCPTool != "" && c.MCPServer == "":
		return errors.New("ToolChoice has an MCPTool without its MCPServer")
	}
	return oneOf("ToolChoice.Mode", c.Mode, "", ToolAuto, ToolNone, ToolRequired)
}

func (r *Reasoning) check() error {
	if r == nil {
		return nil
	}
	return oneOf("Reasoning.Effort", r.Effort, "none", "minimal", "low", "medium", "high", "xhigh")
}

func (m MaxTokens) check() error {
	if m == Unbounded || m == 0 {
		return nil
	}
	return between("MaxOutputTokens", int(m), 1, 4096)
}

func (t Truncation) check() error {
	if !(t.Ratio >= 0 && t.Ratio <= 1) {
		return fmt.Errorf("Truncation.Ratio is %g: between 0 and 1 is wanted", t.Ratio)
	}
	return cmp.Or(oneOf("Truncation.Mode", t.Mode, "", TruncateAuto, TruncateDisabled, RetentionRatio),
		between("Truncation.PostInstructions", t.PostInstructions, 0, 1<<30))
}
