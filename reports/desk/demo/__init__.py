"""The demo case: an invented story, its screenshots drawn here, told through the same services that people use."""
