"""The pages of moderation that everybody may see."""
