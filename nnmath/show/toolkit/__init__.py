"""What every picture is made of: the figure, its sliders, heat maps, drawn networks, and the book's style."""
