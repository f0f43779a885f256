"""Requests and responses of XACML 3.0, as JSON and as XML, and one question asked of documents.

Pure: bytes and a time go in, a response comes out. Altinn's dialect is `access/decisions`.
"""
