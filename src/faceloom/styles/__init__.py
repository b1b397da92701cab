"""What makes one picture look like another: statistics of features, and patches of them."""
