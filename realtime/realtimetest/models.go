package realtimetest

import (
	"encoding/json"
	"maps"
	"net/http"
	"slices"
)

// models lists the models, as OpenAI does: shutdown_date is a day, or null.
func (s *Server) models(w http.ResponseWriter, r *http.Request) {
	if !s.knows(r.Header) {
		refuse(w, http.StatusUnauthorized)
		return
	}
	data := []map[string]any{}
	for _, id := range slices.Sorted(maps.Keys(s.config.Shutdowns)) {
		m := map[string]any{"id": id, "object": "model", "created": 1756000000, "owned_by": "system", "shutdown_date": nil}
		if day := s.config.Shutdowns[id]; day != "" {
			m["shutdown_date"] = day
		}
		data = append(data, m)
	}
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(map[string]any{"object": "list", "data": data})
}
