"""Sources of funding, dues and payments."""
