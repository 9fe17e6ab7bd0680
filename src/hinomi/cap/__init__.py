"""CAP 1.2 messages: compose, check, sign, verify; bytes in, bytes out, nothing read or sent."""
