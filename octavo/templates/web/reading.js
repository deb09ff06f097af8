{# All that the documents load when they are there, in one file: packed together it is smaller. #}
{% for script in scripts %}
{% include "web/scripts/" ~ script %}

{% endfor %}
