package expression

import (
	"encoding/json"
	"errors"
	"math"
	"slices"
	"strconv"
)

// readAnswers reads the answer to questions. An answer that is missing, or can't be
// understood, is left out. It is an error if there is none that can.
//
// By the service's pages, answers are keyed by the question's id; that of a noul has
// noul, of a choice has choice, probabilities and confidence, of a score has score,
// probabilities, legend and confidence. A number or a string in place of the object is
// taken, too, and so is an object of answers without one around it.
func readAnswers(body []byte, questions []Question, threshold float64) (Result, error) {
	var whole map[string]json.RawMessage
	if json.Unmarshal(body, &whole) != nil {
		return Result{}, errors.New("the answer is not a JSON object")
	}
	answers := whole
	for _, key := range []string{"answers", "results"} {
		var inner map[string]json.RawMessage
		if json.Unmarshal(whole[key], &inner) == nil && inner != nil {
			answers = inner
			break
		}
	}
	r := Result{Source: SourceDecisions, Scores: map[string]float64{}, Labels: map[string]string{}}
	var remarks []remark
	for _, q := range questions {
		score, label, ok := readAnswer(answers[q.ID], q)
		if !ok {
			continue
		}
		r.Scores[q.ID] = score
		if label != "" {
			r.Labels[q.ID] = label
		}
		switch q.Type {
		case Noul:
			remarks = append(remarks, remark{"sounds " + words(q.ID), score})
		case Choice:
			remarks = append(remarks, remark{words(q.ID) + ": " + label, score})
		case Score, Span: // a place on a scale is not a probability, and an event is not a tone
		}
	}
	if len(r.Scores) == 0 {
		return Result{}, errors.New("the answer does not answer any of the questions")
	}
	r.Context = describe(remarks, threshold)
	return r, nil
}

// readAnswer reads one answer: its score, and the label of a choice.
func readAnswer(raw json.RawMessage, q Question) (float64, string, bool) {
	var object map[string]json.RawMessage
	if json.Unmarshal(raw, &object) != nil {
		object = map[string]json.RawMessage{string(q.Type): raw} // the bare value
	}
	switch q.Type {
	case Noul:
		v, ok := number(object, "noul", "probability", "value")
		return v, "", ok && v >= 0 && v <= 1
	case Score:
		v, ok := number(object, "score", "mean", "value")
		return v, "", ok && v >= 0 && v <= float64(len(q.Options))
	case Span:
		v, ok := spanAnswer(object)
		return v, "", ok && v >= 0 && v <= 1
	case Choice:
		label := text(object, "choice", "value")
		if !slices.Contains(q.Options, label) {
			return 0, "", false
		}
		v, ok := number(probabilities(object["probabilities"]), label)
		if !ok {
			v, ok = number(object, "probability", "confidence")
		}
		return v, label, ok && v >= 0 && v <= 1
	}
	return 0, "", false
}

// spanAnswer is the highest probability of the spans where the event may be, 0 if there
// is none. How their times are named is not established: they are not read.
func spanAnswer(object map[string]json.RawMessage) (float64, bool) {
	for _, key := range []string{"spans", "span"} {
		var list []map[string]json.RawMessage
		if json.Unmarshal(object[key], &list) != nil || object[key] == nil {
			continue
		}
		highest := 0.0
		for _, s := range list {
			v, ok := number(s, "probability", "confidence")
			if !ok {
				return 0, false
			}
			highest = max(highest, v)
		}
		return highest, true
	}
	return number(object, "probability")
}

// probabilities are those of options: an object of numbers, or a list of objects with a
// name.
func probabilities(raw json.RawMessage) map[string]json.RawMessage {
	var object map[string]json.RawMessage
	if json.Unmarshal(raw, &object) == nil {
		return object
	}
	var list []map[string]json.RawMessage
	if json.Unmarshal(raw, &list) != nil {
		return nil
	}
	object = map[string]json.RawMessage{}
	for _, o := range list {
		object[text(o, "choice", "option", "name")] = o["probability"]
	}
	return object
}

// number is the first of the fields that is a finite number.
func number(object map[string]json.RawMessage, fields ...string) (float64, bool) {
	for _, f := range fields {
		if v, err := strconv.ParseFloat(string(object[f]), 64); err == nil && !math.IsNaN(v) && !math.IsInf(v, 0) {
			return v, true
		}
	}
	return 0, false
}

// text is the first of the fields that is a string.
func text(object map[string]json.RawMessage, fields ...string) string {
	for _, f := range fields {
		var s string
		if json.Unmarshal(object[f], &s) == nil && s != "" {
			return s
		}
	}
	return ""
}
