"""The words of the domain as checked values: numbers, URNs, texts, time and problems."""
