"""What leaves the house: cells that must stay hidden, the release of a study, and its verification by strangers."""
