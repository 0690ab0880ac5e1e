"""The peer: stock Rasa 3.6.21 as its documentation would have it, made from our articles."""
