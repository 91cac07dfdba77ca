package tools

// Up tells of each MCP server, by its name, whether it answers.
func (r *Registry) Up() map[string]bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	up := make(map[string]bool, len(r.servers))
	for name, m := range r.servers {
		m.mu.Lock()
		up[name] = m.link != nil
		m.mu.Unlock()
	}
	return up
}
