"""The first link: planned bodies become true paths, with what radars and infrared sensors see."""
