"""What there is to do: both sides looked at and compared, within filters or a manifest."""
