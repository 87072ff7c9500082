"""Between watch and hub: assignments out, results back, each batch kept until its receipt."""
