"""What people say: posts, replies, quotes, retweets, and the pages that show them."""
