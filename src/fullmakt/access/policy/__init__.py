"""XACML policies compiled to pure functions: no storage, no clock, no other room but terms."""
