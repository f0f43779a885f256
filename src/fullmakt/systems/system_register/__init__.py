"""The systems vendors have registered, with the rights and packages they may ask for."""
