/** The example of the post on the key-value layer, as it is printed there: no braces, `180s` without quotes. */
export const NGSEGMENT = `"persistence_configuration":[                                                     
  {                                                                             
    "id":"PRIMARY_STORAGE",                                                   
    "physical_storage": {                                                      
      "type":"CASSANDRA",                                                   
      "cluster":"cassandra_kv_ngsegment",                                  
      "dataset":"ngsegment",                                               
      "table":"ngsegment",                                                 
      "regions": ["us-east-1"],  
      "config": {  
        "consistency_scope": "LOCAL",  
        "consistency_target": "READ_YOUR_WRITES"  
      }                                              
    }                                                                         
  },                                                                            
  {                                                                             
    "id":"CACHE",                                                             
    "physical_storage": {                                                      
      "type":"CACHE",                                                       
      "cluster":"evcache_kv_ngsegment"                                     
     },                                                                         
     "config": {                                                              
       "default_cache_ttl": 180s                                               
     }                                                                          
  }                                                                             
] 
`;
