"""The local web application: paste a text, read its report; and the JSON API under it. Needs the extra ``serve``."""
