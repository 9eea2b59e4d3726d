"""Constants that were fitted offline, with what they were fitted on."""
