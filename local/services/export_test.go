package services

// Limit makes the buckets smaller, so that a test can fill them.
func (s *S3) Limit(object, stored int) { s.maxObject, s.maxStored = object, stored }
