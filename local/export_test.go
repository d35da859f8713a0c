package local

// EndTables ends the engine of the tables, as if it had crashed.
func (s *Server) EndTables() { s.parts.tables.Close() }
