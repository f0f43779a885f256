"""The VAT return (mva-melding): read, checked against its rules, and answered.

Pure: no storage, no HTTP, no clock. Facts about the taxpayer come in as values; documents come in
and go out as bytes. The app instance that carries a return from one step to the next is built on
top of this.
"""
