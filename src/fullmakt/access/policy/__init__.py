"""XACML 3.0 policies: read safely, checked once, compiled to a fast evaluator.

No I/O, no clock and no other room: a policy and a request go in, a reasoned evaluation comes out.
Where policies are kept is `resources`; what a subject holds is `decisions`.
"""
