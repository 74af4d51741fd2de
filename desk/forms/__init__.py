"""What a person types, checked at the field."""
