"""The reverse questions: who may do something, and what somebody may do; and what if it changed."""
