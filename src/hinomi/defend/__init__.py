"""Who could shoot at what, and what that would do: windows, doctrine, closed forms."""
