package realtimetest

import "slices"

// lastItem is the id of the conversation's last, or nil.
func (c *Conn) lastItem() any {
	if len(c.items) == 0 {
		return nil
	}
	return c.items[len(c.items)-1].id
}

func (c *Conn) find(id string) int {
	return slices.IndexFunc(c.items, func(it *item) bool { return it.id == id })
}

// add puts an item at a place and announces it.
func (c *Conn) add(it *item, place int) {
	c.items = slices.Insert(c.items, place, it)
	c.keep()
	o := object{"item": c.wire(it, false), "previous_item_id": nil}
	if place > 0 {
		o["previous_item_id"] = c.items[place-1].id
	}
	c.event("conversation.item.added", o)
	c.event("conversation.item.done", o)
}

// create adds an item that the client made.
func (c *Conn) create(m Message) *problem {
	own, _ := m.Fields["item"].(object)
	str := func(name string) string { s, _ := own[name].(string); return s }
	if str("type") == "force_message" {
		c.force(own)
		return nil
	}
	it := &item{id: str("id"), kind: str("type"), role: str("role"), own: own,
		callID: str("call_id"), name: str("name"), arguments: str("arguments"), text: str("output")}
	if it.id == "" {
		it.id = c.nextID("item")
	}
	if c.find(it.id) >= 0 {
		return &problem{"item_already_exists", "item.id", it.id + " is in the conversation"}
	}
	parts, _ := own["content"].([]any)
	for _, p := range parts {
		part, _ := p.(object)
		words, _ := part["text"].(string)
		it.text += words
	}
	place := len(c.items)
	switch before, ok := m.Fields["previous_item_id"].(string); {
	case ok && before == "root":
		place = 0
	case ok:
		if place = c.find(before) + 1; place == 0 {
			return &problem{"item_not_found", "previous_item_id", before + " is not in the conversation"}
		}
	}
	if p := c.pair(it); p != nil {
		return p
	}
	c.add(it, place)
	return nil
}

// pair finds the call that an output answers.
func (c *Conn) pair(it *item) *problem {
	switch it.kind {
	case "function_call":
		c.calls[it.callID] = false
	case "function_call_output":
		answered, known := c.calls[it.callID]
		switch {
		case !known:
			return invalid("item.call_id", "%q is the id of no call", it.callID)
		case answered:
			return invalid("item.call_id", "%q was answered already", it.callID)
		}
		c.calls[it.callID] = true
	}
	return nil
}

func (c *Conn) retrieve(id string) *problem {
	n := c.find(id)
	if n < 0 {
		return &problem{"item_retrieve_invalid_item_id", "item_id", id + " is not in the conversation"}
	}
	c.event("conversation.item.retrieved", object{"item": c.wire(c.items[n], true)})
	return nil
}

func (c *Conn) remove(id string) *problem {
	n := c.find(id)
	if n < 0 {
		return &problem{"item_delete_invalid_item_id", "item_id", id + " is not in the conversation"}
	}
	c.items = slices.Delete(c.items, n, n+1)
	c.keep()
	c.event("conversation.item.deleted", object{"item_id": id})
	return nil
}

// truncate cuts an assistant's audio, and forgets what it said.
func (c *Conn) truncate(m Message, id string) *problem {
	end, _ := m.Fields["audio_end_ms"].(float64)
	n := c.find(id)
	switch {
	case n < 0:
		return &problem{"item_truncate_invalid_item_id", "item_id", id + " is not in the conversation"}
	case c.items[n].role != "assistant" || !c.items[n].heard:
		return invalid("item_id", "%s has no audio of the assistant's", id)
	case !c.server.traits.Truncate:
		return nil // as if nobody had asked
	case end > c.items[n].audioMS:
		return invalid("audio_end_ms", "Audio content of %dms is already shorter than %dms",
			int(c.items[n].audioMS), int(end))
	}
	it := c.items[n]
	it.text, it.audioMS, it.cut = "", end, true
	c.event("conversation.item.truncated", object{"item_id": id, "content_index": 0, "audio_end_ms": end})
	return nil
}
