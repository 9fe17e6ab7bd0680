"""From plots to tracks: follow one picture, fuse two, score against the truth."""
