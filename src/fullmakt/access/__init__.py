"""Who may do what for whom, and why: the facts, the policies and the decision."""
