"""The token server: grants are verified, replays refused, access tokens signed."""
