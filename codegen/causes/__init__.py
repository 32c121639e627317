"""What errors mean: from data about their codes and messages to classes, and a page for people."""
