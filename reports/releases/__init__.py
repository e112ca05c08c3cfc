"""Who downloaded which sealed bytes, when and for what purpose."""
